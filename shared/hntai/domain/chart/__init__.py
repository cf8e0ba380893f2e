"""FHIR resources in, one patient's chart out."""

from hntai.domain.chart.build import build_chart
from hntai.domain.chart.json_form import chart_from_json, chart_to_json
from hntai.domain.chart.known import known_values
from hntai.domain.chart.values import Chart

__all__ = ["Chart", "build_chart", "chart_from_json", "chart_to_json", "known_values"]
