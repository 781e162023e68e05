{{/* The environment of a process: `settings` by value, `secrets` by the names of keys in the Secret. */}}
{{- define "platform.environment" -}}
- name: PAPERLANE_OPS_BIND
  value: 0.0.0.0:9100
- name: PAPERLANE_LOG_LEVEL
  value: {{ .root.Values.global.logLevel }}
{{- if .http }}
- name: PAPERLANE_BIND
  value: 0.0.0.0:8080
{{- end }}
{{- range $name, $value := .settings }}
- name: PAPERLANE_{{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- if .secrets }}
{{- $secret := include "platform.secret" (dict "root" .root "part" .root.Chart.Name "key" "existingSecret" "value" .root.Values.existingSecret) }}
{{- range .secrets }}
- name: PAPERLANE_{{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: PAPERLANE_{{ . }}
{{- end }}
{{- end }}
{{- end }}
