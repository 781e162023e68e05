{{/*
A NetworkPolicy: who may connect to a pod. Takes a dict with
  root     context of the calling chart         part     whose pods they are
  port     the name of its port, or empty       callers  list of the parts that may connect there (empty: anybody)
  ops      whether operators and probes have a port of their own there
*/}}
{{- define "platform.door" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "platform.name" . }}
  labels: {{- include "platform.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "platform.selector" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    {{- if .ops }}
    - ports: [{port: ops}]
    {{- end }}
    {{- if .port }}
    - ports: [{port: {{ .port }}}]
      {{- with .callers }}
      from:
        - podSelector:
            matchLabels: {app.kubernetes.io/instance: {{ $.root.Release.Name }}}
            matchExpressions:
              - {key: app.kubernetes.io/name, operator: In, values: [{{ join ", " . }}]}
      {{- end }}
    {{- end }}
{{- end }}
