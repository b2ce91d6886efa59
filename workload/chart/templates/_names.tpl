{{- define "workload.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "workload.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "workload.labels" -}}
{{ include "workload.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* Whether the main service leads to the stable pods only, since something else splits. */ -}}
{{- define "workload.splits" -}}
{{- if and .Values.canary.enabled (or (ne .Values.ingress.kind "none") (eq .Values.canary.mesh "istio")) -}}true{{- end -}}
{{- end -}}

{{- define "workload.usesGatewayApi" -}}
{{- if has .Values.ingress.kind (list "application-routing" "application-gateway-for-containers") -}}true{{- end -}}
{{- end -}}

{{- define "workload.loadBalancerAnnotations" -}}
{{- with .Values.service.loadBalancer -}}
{{- if eq .kind "internal" -}}
service.beta.kubernetes.io/azure-load-balancer-internal: "true"
{{- with .address }}
service.beta.kubernetes.io/azure-load-balancer-ipv4: {{ . | quote }}
{{- end }}
{{- with .subnet }}
service.beta.kubernetes.io/azure-load-balancer-internal-subnet: {{ . | quote }}
{{- end }}
{{- else -}}
service.beta.kubernetes.io/azure-pip-name: {{ required "service.loadBalancer.publicIp: name of the public IP" .publicIp | quote }}
service.beta.kubernetes.io/azure-load-balancer-resource-group: {{ required "service.loadBalancer.resourceGroup: that of the public IP" .resourceGroup | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "workload.image" -}}
{{- $repository := required "image.repository: registry and name" .repository -}}
{{- if .digest -}}
{{- printf "%s@%s" $repository .digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (required "image.tag or image.digest" .tag) -}}
{{- end -}}
{{- end -}}
