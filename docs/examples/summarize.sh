curl -s "$HNTAI_URL/api/generate_summary" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -d '{"text": "Seen for cough of five days. No fever. Chest clear. Start azithromycin 500 mg daily for 3 days.", "min_length": 5, "max_length": 40}'
