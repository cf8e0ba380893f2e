curl -s "$HNTAI_URL/extract_medical_data" -H "Authorization: Bearer $HNTAI_TOKEN" -H "Content-Type: application/json" \
  -H "Accept: application/fhir+json" \
  -d '{"text": "PMH: hypertension. Meds: lisinopril 10 mg daily. Allergies: penicillin (hives). BP 148/92. No chest pain."}'
