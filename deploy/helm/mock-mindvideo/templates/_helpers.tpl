{{- define "mock.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "mock.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mock.labels" -}}
{{ include "mock.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Whether the nodes share a store, so that there may be several of them. */ -}}
{{- define "mock.shared" -}}
{{- if or .Values.store.url .Values.store.existingSecret }}yes{{ end }}
{{- end }}

{{- define "mock.storeSecret" -}}
{{ .Values.store.existingSecret | default (include "mock.name" .) }}
{{- end }}

{{- define "mock.tokenSecret" -}}
{{ .Values.adminToken.existingSecret | default (include "mock.name" .) }}
{{- end }}
