{{/*
A process of Paperlane: its Deployment and, when it speaks HTTP, its Service. Takes a dict with
  root      context of the calling chart        part      name of the process, such as documents-worker
  module    what `python -m` runs               http      whether it serves clients or other services
  values    `replicas` and `resources`          settings  dict of settings without PAPERLANE_
  secrets   list of settings that come from the service's Secret
  callers   list of the processes that may connect (optional: anybody), of those that speak HTTP
  folders   dict of paths and the Secrets mounted there (optional)
*/}}
{{- define "platform.process" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "platform.name" . }}
  labels: {{- include "platform.labels" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  revisionHistoryLimit: 3
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels: {{- include "platform.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "platform.labels" . | nindent 8 }}
    spec: {{- include "platform.pod" . | nindent 6 }}
{{- if .http }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "platform.name" . }}
  labels: {{- include "platform.labels" . | nindent 4 }}
spec:
  selector: {{- include "platform.selector" . | nindent 4 }}
  ports:
    - {name: http, port: 80, targetPort: http}
{{- end }}
---
{{ include "platform.door" (dict "root" .root "part" .part "port" (ternary "http" "" .http) "callers" .callers "ops" true) }}
{{- end }}

{{- define "platform.pod" -}}
automountServiceAccountToken: false
# Else a release named paperlane would put PAPERLANE_AUTH_PORT and the like among the settings.
enableServiceLinks: false
{{- with .root.Values.global.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
# Longer than preStop and what a process then gives the work at hand (30 s for requests, 25 s for a document).
terminationGracePeriodSeconds: 45
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "platform.selector" . | nindent 8 }}
containers:
  - name: {{ .part }}
    image: "{{ .root.Values.global.image.repository }}:{{ .root.Values.global.image.tag | default .root.Chart.AppVersion }}"
    imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
    command: [python, -m, {{ .module }}]
    env: {{- include "platform.environment" . | nindent 6 }}
    ports:
      - {name: ops, containerPort: 9100}
      {{- if .http }}
      - {name: http, containerPort: 8080}
      {{- end }}
    startupProbe:
      httpGet: {path: /health/live, port: ops}
      periodSeconds: 2
      failureThreshold: 60
    livenessProbe:
      httpGet: {path: /health/live, port: ops}
      timeoutSeconds: 5
      failureThreshold: 6
    readinessProbe:
      httpGet: {path: /health/ready, port: ops}
      periodSeconds: 5
      timeoutSeconds: 5
    {{- if .http }}
    lifecycle:
      preStop:
        # Until every node has heard that this pod ends; the process refuses new connections as soon as it is told.
        exec: {command: [sleep, "5"]}
    {{- end }}
    resources: {{- toYaml .values.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if .secrets }}
      - {name: settings, mountPath: /run/settings, readOnly: true}
      {{- end }}
      {{- range $path, $_ := .folders }}
      - {name: {{ base $path }}, mountPath: {{ $path }}, readOnly: true}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 256Mi}
  {{- if .secrets }}
  - {{- include "platform.secretSettings" . | indent 4 | trimPrefix "   " }}
  {{- end }}
  {{- range $path, $secret := .folders }}
  - name: {{ base $path }}
    secret: {secretName: {{ $secret }}, defaultMode: 0440}
  {{- end }}
{{- end }}
