python3 -c 'import wave; memo = wave.open("memo.wav", "wb"); memo.setparams((1, 2, 16000, 0, "NONE", "")); memo.writeframes(bytes(64000))'
curl -s "$HNTAI_URL/api/extract_medical_data_from_audio" -H "Authorization: Bearer $HNTAI_TOKEN" -F file=@memo.wav
