{{- define "starcadence.name" -}}
{{- if contains "starcadence" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-starcadence" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "starcadence.selector" -}}
app.kubernetes.io/name: starcadence
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "starcadence.labels" -}}
{{ include "starcadence.selector" . }}
app.kubernetes.io/component: {{ .Values.form }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "starcadence.account" -}}
{{- if .Values.serviceAccount.name }}{{ .Values.serviceAccount.name }}{{ else if .Values.serviceAccount.create }}{{ include "starcadence.name" . }}{{ else }}default{{ end }}
{{- end }}

{{- define "starcadence.programme" -}}
{{- if .Values.programme.text }}{{ include "starcadence.name" . }}-programme{{ else }}{{ .Values.programme.configMap }}{{ end }}
{{- end }}

{{- define "starcadence.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}
