{{/*
All take a dict with `root`, the context of the calling chart, and `part`, what is deployed, such as documents-worker.
*/}}

{{- define "platform.name" -}}
{{ .root.Release.Name | trunc 40 | trimSuffix "-" }}-{{ .part }}
{{- end }}

{{- define "platform.selector" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "platform.labels" -}}
{{ include "platform.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: paperlane
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "platform.url" -}}
http://{{ include "platform.name" . }}
{{- end }}

{{- define "platform.baseUrl" -}}
{{ required "global.baseUrl: give the address by which clients reach the gateway, such as https://paperlane.example.com" .root.Values.global.baseUrl }}
{{- end }}

{{/* The Secret given as `value`, under the name `key`; with servers of our own, the one that they bring. */}}
{{- define "platform.secret" -}}
{{- if .root.Values.global.ownServers -}}
{{ include "platform.name" . }}
{{- else -}}
{{ required (printf "%s.%s: name an existing Secret, docs/deploying.md says what it must hold" .root.Chart.Name .key) .value }}
{{- end -}}
{{- end }}
