curl -s "$HNTAI_URL/generate_patient_summary" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -H "Idempotency-Key: $(date +%s)-visit-17" \
  -d '{"patientid": "demo-1", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule", "timeout_mode": "fast"}'
