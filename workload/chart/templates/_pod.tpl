{{- /* A deployment of one track. Takes: root, track, image (repository, tag, digest), replicas. */ -}}
{{- define "workload.deployment" -}}
{{- $values := .root.Values -}}
{{- $scheme := ternary "HTTPS" "HTTP" (ne $values.tls.secretName "") -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "workload.name" .root }}{{ if ne .track "stable" }}-{{ .track }}{{ end }}
  labels:
    {{- include "workload.labels" .root | nindent 4 }}
    track: {{ .track }}
spec:
  {{- with .replicas }}
  replicas: {{ . }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector:
    matchLabels:
      {{- include "workload.selector" .root | nindent 6 }}
      track: {{ .track }}
  template:
    metadata:
      labels:
        {{- include "workload.selector" .root | nindent 8 }}
        app.kubernetes.io/version: {{ .image.tag | default (.image.digest | trunc 19 | replace ":" "-") | quote }}
        track: {{ .track }}
        {{- if $values.identity.clientId }}
        azure.workload.identity/use: "true"
        {{- end }}
      {{- if eq $values.secrets.provider "dapr" }}
      annotations:
        dapr.io/enabled: "true"
        dapr.io/app-id: {{ include "workload.name" .root | quote }}
        dapr.io/app-port: {{ $values.port | quote }}
        dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
      {{- end }}
    spec:
      serviceAccountName: {{ include "workload.name" .root }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ add $values.drainSeconds 15 }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        seccompProfile: {type: RuntimeDefault}
        {{- if lt (int $values.port) 1024 }}
        sysctls:
          - {name: net.ipv4.ip_unprivileged_port_start, value: {{ $values.port | quote }}}
        {{- end }}
      nodeSelector:
        kubernetes.io/os: linux
        {{- with $values.nodeSelector }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.topologySpread }}
      topologySpreadConstraints:
        {{- range . }}
        - topologyKey: {{ .key }}
          maxSkew: {{ .maxSkew }}
          whenUnsatisfiable: {{ .whenUnsatisfiable }}
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "workload.selector" $.root | nindent 14 }}
              track: {{ $.track }}
        {{- end }}
      {{- end }}
      containers:
        - name: web
          image: {{ include "workload.image" .image | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          ports:
            - {name: web, containerPort: {{ $values.port }}, protocol: TCP}
          env:
            - name: POD_NAME
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
            - {name: PORT, value: {{ $values.port | quote }}}
            - {name: DRAIN_SECONDS, value: {{ $values.drainSeconds | quote }}}
            {{- if .image.tag }}
            - {name: APP_VERSION, value: {{ .image.tag | quote }}}
            {{- end }}
            {{- if $values.tls.secretName }}
            - {name: CERTIFICATE_DIRECTORY, value: /mnt/tls}
            {{- end }}
            {{- if eq $values.secrets.provider "csi" }}
            - {name: SECRET_FILE, value: {{ printf "/mnt/secrets/%s" $values.secrets.name | quote }}}
            {{- else if eq $values.secrets.provider "dapr" }}
            - {name: DAPR_SECRET_STORE, value: {{ include "workload.name" .root | quote }}}
            - {name: DAPR_SECRET_NAME, value: {{ $values.secrets.name | quote }}}
            {{- end }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          startupProbe:
            httpGet: {path: /healthz, port: web, scheme: {{ $scheme }}}
            periodSeconds: 1
            failureThreshold: 30
          readinessProbe:
            httpGet: {path: /readyz, port: web, scheme: {{ $scheme }}}
            periodSeconds: 2
            failureThreshold: 2
          livenessProbe:
            httpGet: {path: /healthz, port: web, scheme: {{ $scheme }}}
            periodSeconds: 10
            failureThreshold: 3
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          {{- if or $values.tls.secretName (eq $values.secrets.provider "csi") }}
          volumeMounts:
            {{- if $values.tls.secretName }}
            - {name: tls, mountPath: /mnt/tls, readOnly: true}
            {{- end }}
            {{- if eq $values.secrets.provider "csi" }}
            - {name: secrets, mountPath: /mnt/secrets, readOnly: true}
            {{- end }}
          {{- end }}
      {{- if or $values.tls.secretName (eq $values.secrets.provider "csi") }}
      volumes:
        {{- if $values.tls.secretName }}
        - name: tls
          secret: {secretName: {{ $values.tls.secretName | quote }}, defaultMode: 0440}
        {{- end }}
        {{- if eq $values.secrets.provider "csi" }}
        - name: secrets
          csi:
            driver: secrets-store.csi.k8s.io
            readOnly: true
            volumeAttributes: {secretProviderClass: {{ include "workload.name" .root | quote }}}
        {{- end }}
      {{- end }}
{{- end -}}
