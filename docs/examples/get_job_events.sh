job=$(curl -sN -D - -o /dev/null "$HNTAI_STREAM_URL/generate_patient_summary?stream=true" \
  -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -d '{"patientid": "demo-1", "token": "demo-ehr-token", "key": "demo-ehr-key", "generation_mode": "rule"}' |
  tr -d '\r' | sed -n 's/^x-job-id: //Ip')
curl -sN "$HNTAI_STREAM_URL/jobs/$job/events" -H "Authorization: Bearer $HNTAI_TOKEN"
