printf 'Date of visit: 2026-05-10\n\nType 2 diabetes. Metformin 500 mg twice daily.\n' > letter.txt
curl -s "$HNTAI_URL/upload?scrub=true" -H "Authorization: Bearer $HNTAI_TOKEN" -F file=@letter.txt
