curl -s "$HNTAI_URL/live"
