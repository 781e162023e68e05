{{/*
A server for a laptop: its StatefulSet and its Service. Takes a dict with
  root       context of this chart              part      mongodb, rabbitmq or seaweedfs
  user       the image's own user, a number     folder    where it keeps its data
  port       where it listens                   command   list (optional: the image's own)
  environment  YAML list (optional)             startup   YAML of the startup probe's action
  callers    list of the processes that may connect
*/}}
{{- define "servers.server" -}}
{{- $server := index .root.Values .part -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "platform.name" . }}
  labels: {{- include "platform.labels" . | nindent 4 }}
spec:
  serviceName: {{ include "platform.name" . }}
  replicas: 1
  selector:
    matchLabels: {{- include "platform.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "platform.labels" . | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ .user }}
        runAsGroup: {{ .user }}
        fsGroup: {{ .user }}
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: {{ .part }}
          image: {{ $server.image }}
          {{- with .command }}
          command: {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .environment }}
          env: {{- . | nindent 12 }}
          {{- end }}
          ports:
            - {name: server, containerPort: {{ .port }}}
          startupProbe:
            {{- .startup | nindent 12 }}
            periodSeconds: 5
            timeoutSeconds: 15
            failureThreshold: 60
          livenessProbe:
            tcpSocket: {port: server}
            failureThreshold: 6
          readinessProbe:
            tcpSocket: {port: server}
          resources: {{- toYaml $server.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: data, mountPath: {{ .folder }}}
      volumes:
        - name: data
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "platform.name" . }}
  labels: {{- include "platform.labels" . | nindent 4 }}
spec:
  # The name leads to the pod itself, before it is ready too: MongoDB must reach itself by it to become ready.
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "platform.selector" . | nindent 4 }}
  ports:
    - {name: server, port: {{ .port }}}
---
{{ include "platform.door" (dict "root" .root "part" .part "port" "server" "callers" .callers) }}
{{- end }}

{{/* The environment variable `variable` out of key `key` of the servers' Secret, as an item of a list. */}}
{{- define "servers.fromSecret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ include "platform.name" (dict "root" .root "part" "servers") }}
      key: {{ .key }}
{{- end }}
