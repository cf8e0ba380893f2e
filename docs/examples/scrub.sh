curl -s "$HNTAI_URL/phi/scrub" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -d '{"text": "Seen by Dr. Grace Lee on 3 May 2026, MRN 4471190.", "operator": "tag"}'
