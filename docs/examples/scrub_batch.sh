curl -s "$HNTAI_URL/phi/scrub/batch" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -d '{"documents": [{"id": "a", "text": "Call Jane Roe at 555-012-3456."}, {"id": "b", "text": "No fever."}]}'
