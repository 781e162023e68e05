{{/* The environment of a process: `settings` by value, `secrets` by the files that hold them. */}}
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
{{- range .secrets }}
- name: PAPERLANE_{{ . }}_FILE
  value: /run/settings/PAPERLANE_{{ . }}
{{- end }}
{{- end }}

{{/* The volume of those files: of the service's Secret, only what this process reads. */}}
{{- define "platform.secretSettings" -}}
name: settings
secret:
  secretName: {{ include "platform.secret" (dict "root" .root "part" .root.Chart.Name "key" "existingSecret" "value" .root.Values.existingSecret) }}
  defaultMode: 0440
  items:
    {{- range .secrets }}
    - {key: PAPERLANE_{{ . }}, path: PAPERLANE_{{ . }}}
    {{- end }}
{{- end }}

{{/* How often clients of each plan may ask, as PAPERLANE_PLANS has it. */}}
{{- define "platform.plans" -}}
{{- $plans := list -}}
{{- range $name, $plan := .Values.global.plans -}}
{{- $plans = append $plans (printf "%s=%d/%d" $name (int $plan.requests) (int $plan.tokens)) -}}
{{- end -}}
{{ join " " $plans }}
{{- end }}
