curl -s "$HNTAI_URL/uploads" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -d '{"filename": "scan.pdf", "content_type": "application/pdf", "size": 18000000}'
