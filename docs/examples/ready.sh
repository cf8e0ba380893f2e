curl -s "$HNTAI_URL/ready"
