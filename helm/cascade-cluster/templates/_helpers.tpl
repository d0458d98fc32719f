{{- define "cascade.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "cascade.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "cascade.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "cascade.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "cascade.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "cascade.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name: give the existing account's name, or set serviceAccount.create" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "cascade.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Selectors cannot change in an upgrade, so they hold nothing that does. Call with (dict "root" $ "role" "silo"). */}}
{{- define "cascade.selectorLabels" -}}
app.kubernetes.io/name: {{ include "cascade.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- define "cascade.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: cascade-cluster
{{- end -}}

{{- define "cascade.labels" -}}
{{ include "cascade.selectorLabels" . }}
{{ include "cascade.commonLabels" .root }}
{{- end -}}

{{- define "cascade.configuration" -}}
{{- dict "Cascade" .Values.config | mustToPrettyJson -}}
{{- end -}}

{{/* What both roles are told. An environment variable wins over the mounted file. */}}
{{- define "cascade.environment" -}}
{{- $root := .root -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: Cascade__Cluster__AdvertisedAddress
  value: $(POD_IP)
- name: Cascade__Cluster__SiloPort
  value: {{ $root.Values.cluster.siloPort | quote }}
- name: Cascade__Cluster__GatewayPort
  value: {{ $root.Values.cluster.gatewayPort | quote }}
- name: Cascade__Http__Urls__0
  value: http://0.0.0.0:8080
- name: Cascade__Storage__Mode
  value: redis
- name: Cascade__Storage__ServiceId
  value: {{ $root.Values.cluster.serviceId | quote }}
- name: Cascade__Storage__ClusterId
  value: {{ $root.Values.cluster.clusterId | quote }}
{{- $address := required "redis.address: give host:port of the Redis or Valkey that holds the ledgers" $root.Values.redis.address }}
{{- if $root.Values.redis.existingSecret }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.redis.existingSecret }}
      key: {{ $root.Values.redis.passwordKey }}
- name: Cascade__Storage__RedisConnection
  value: {{ printf "%s,password=$(REDIS_PASSWORD)" $address | quote }}
{{- else }}
- name: Cascade__Storage__RedisConnection
  value: {{ $address | quote }}
{{- end }}
{{- end -}}

{{/* Three probes of three meanings: has it started, should it get requests, must it be restarted. */}}
{{- define "cascade.probes" -}}
startupProbe:
  httpGet:
    path: /health/live
    port: http
  {{- toYaml .Values.probes.startup | nindent 2 }}
readinessProbe:
  httpGet:
    path: /health/ready
    port: http
  {{- toYaml .Values.probes.readiness | nindent 2 }}
livenessProbe:
  httpGet:
    path: /health/live
    port: http
  {{- toYaml .Values.probes.liveness | nindent 2 }}
{{- end -}}

{{- define "cascade.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "cascade.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "cascade.volumeMounts" -}}
- name: configuration
  mountPath: /etc/cascade
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- define "cascade.volumes" -}}
- name: configuration
  configMap:
    name: {{ include "cascade.fullname" . }}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- end -}}

{{/* Plans are read by silos only: they decide, a gateway passes on. */}}
{{- define "cascade.planMounts" -}}
{{- if or .Values.plans.existingConfigMap .Values.plans.existingClaim }}
- name: plans
  mountPath: /etc/cascade/plans
  readOnly: true
{{- end }}
{{- end -}}

{{- define "cascade.planVolumes" -}}
{{- if and .Values.plans.existingConfigMap .Values.plans.existingClaim }}
{{- fail "plans: give existingConfigMap or existingClaim, not both" }}
{{- end }}
{{- if .Values.plans.existingConfigMap }}
- name: plans
  configMap:
    name: {{ .Values.plans.existingConfigMap }}
{{- else if .Values.plans.existingClaim }}
- name: plans
  persistentVolumeClaim:
    claimName: {{ .Values.plans.existingClaim }}
    readOnly: true
{{- end }}
{{- end -}}

{{- define "cascade.scheduling" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Seconds that a server gives requests in progress when it stops: Cascade:Http:ShutdownTimeout, hours:minutes:seconds. */}}
{{- define "cascade.shutdownSeconds" -}}
{{- $parts := splitList ":" (((.Values.config).Http).ShutdownTimeout | default "00:02:00") -}}
{{- add (mul 3600 (index $parts 0 | float64 | int64)) (mul 60 (index $parts 1 | float64 | int64)) (index $parts 2 | float64 | int64) -}}
{{- end -}}
