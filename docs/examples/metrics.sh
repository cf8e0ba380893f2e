curl -s "$HNTAI_URL/metrics" -H "Authorization: Bearer $HNTAI_TOKEN"
