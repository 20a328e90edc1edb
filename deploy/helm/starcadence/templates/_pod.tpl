{{- /* The pod of every form: call with (dict "root" $ "arguments" LIST). */ -}}
{{- define "starcadence.pod" -}}
{{- $ := .root -}}
metadata:
  labels:
    {{- include "starcadence.selector" $ | nindent 4 }}
    app.kubernetes.io/component: {{ $.Values.form }}
    {{- if $.Values.identity.azure.clientId }}
    azure.workload.identity/use: "true"
    {{- end }}
    {{- with $.Values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- if or $.Values.podAnnotations $.Values.programme.text }}
  annotations:
    {{- if $.Values.programme.text }}
    starcadence/programme: {{ toJson (list $.Values.programme.text $.Values.programme.exceptionTexts) | sha256sum }}
    {{- end }}
    {{- with $.Values.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "starcadence.account" $ }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- if eq $.Values.form "daemon" }}
  terminationGracePeriodSeconds: {{ add $.Values.daemon.grace 5 }}
  {{- else }}
  restartPolicy: Never
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  {{- with $.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $.Values.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.affinity }}
  affinity: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: starcadence
      image: {{ include "starcadence.image" $ | quote }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      args: {{ toJson .arguments }}
      env:
        - {name: STARCADENCE_PROGRAMME, value: /programme/programme.yaml}
        - {name: TMPDIR, value: /scratch}
        {{- if eq $.Values.form "indexed" }}
        - {name: STARCADENCE_SHARDS, value: {{ $.Values.indexed.shards | quote }}}
        {{- end }}
        {{- range $name, $value := $.Values.environment }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      {{- with $.Values.environmentFrom }}
      envFrom: {{ toYaml . | nindent 8 }}
      {{- end }}
      {{- if eq $.Values.form "daemon" }}
      ports:
        - {name: health, containerPort: {{ $.Values.daemon.port }}}
      startupProbe:
        httpGet: {path: /healthz, port: health, scheme: {{ $.Values.daemon.scheme }}}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /healthz, port: health, scheme: {{ $.Values.daemon.scheme }}}
        periodSeconds: 30
        timeoutSeconds: 10
        failureThreshold: 4
      readinessProbe:
        httpGet: {path: /readyz, port: health, scheme: {{ $.Values.daemon.scheme }}}
        periodSeconds: 30
        timeoutSeconds: 10
      {{- end }}
      resources: {{ toYaml $.Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: programme, mountPath: /programme, readOnly: true}
        - {name: scratch, mountPath: /scratch}
        {{- if $.Values.store.volume }}
        - {name: store, mountPath: /store}
        {{- end }}
  volumes:
    - name: programme
      projected:
        defaultMode: 0440
        sources:
          - configMap:
              name: {{ include "starcadence.programme" $ }}
              items:
                - {key: programme.yaml, path: programme.yaml}
                {{- range ternary (keys $.Values.programme.exceptionTexts | sortAlpha) $.Values.programme.exceptions (ne $.Values.programme.text "") }}
                - {key: {{ . }}, path: exceptions/{{ . }}}
                {{- end }}
          - secret:
              name: {{ $.Values.keys.secret }}
              items:
                - {key: signing.pem, path: keys/signing.pem}
                - {key: salt.key, path: keys/salt.key}
    - name: scratch
      emptyDir: {sizeLimit: {{ $.Values.scratch }}}
    {{- if $.Values.store.volume }}
    - name: store
      persistentVolumeClaim:
        claimName: {{ $.Values.store.existingClaim | default (printf "%s-store" (include "starcadence.name" $)) }}
    {{- end }}
{{- end }}

{{- /* What ends a Job (or an index) at once, and what is no failure. */ -}}
{{- define "starcadence.failures" -}}
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions: [{type: DisruptionTarget, status: "True"}]
    - action: {{ ternary "FailIndex" "FailJob" (eq .Values.form "indexed") }} # a person is needed: docs/exit-status.md
      onExitCodes: {containerName: starcadence, operator: In, values: [2, 3, 4, 5]}
{{- end }}
