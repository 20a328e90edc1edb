// Starcadence: a managed identity, a container that keeps what is put, and an hourly Container Apps job; the same as the Terraform module beside it. What the
// agent may do with its store is what docs/store.md asks for, and no deletion. Its read role is role.bicep, on a management group, with principalId below.
//   az deployment group create --resource-group GROUP --template-file deploy/azure/job.bicep --parameters image=... storageAccountName=... alarmEmail=...
targetScope = 'resourceGroup'

@description('The image with the extras azure and object-stores, by digest if you can.')
param image string

@description('The evidence account; the programme says `store` as az://evidence/PREFIX.')
@minLength(3)
@maxLength(20)
param storageAccountName string

@description('For so many days nothing that is put can be changed or removed.')
param retainDays int = 1095

@description('Who is told when the agent fails or is silent.')
param alarmEmail string

@description('When `run` is called. It does what is due and nothing twice; call it far more often than sweep_every.')
param schedule string = '17 * * * *'

param location string = resourceGroup().location

resource agent 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'starcadence'
  location: location
}

resource evidence 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: storageAccountName
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
    }
  }
}

resource evidenceBlobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: evidence
  name: 'default'
}

resource evidenceContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: evidenceBlobs
  name: 'evidence'
  properties: {
    publicAccess: 'None'
  }
}

// Lock it once you are sure: that cannot be taken back.
resource immutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = {
  parent: evidenceContainer
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: retainDays
    allowProtectedAppendWrites: false
  }
}

resource keeps 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'Starcadence keeps')
  properties: {
    roleName: 'Starcadence keeps (${uniqueString(resourceGroup().id)})'
    description: 'Adds to the evidence container and reads it; removes nothing.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
        ]
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource mayKeep 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(evidenceContainer.id, keeps.id, agent.id)
  scope: evidenceContainer
  properties: {
    roleDefinitionId: keeps.id
    principalId: agent.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// programme.yaml, exceptions/ and keys/, as `starcadence init` wrote them, on a share that the job may only read. Mounting one needs an account with a key.
resource programme 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: '${storageAccountName}prog'
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
  }
}

resource programmeFiles 'Microsoft.Storage/storageAccounts/fileServices@2023-05-01' = {
  parent: programme
  name: 'default'
}

resource programmeShare 'Microsoft.Storage/storageAccounts/fileServices/shares@2023-05-01' = {
  parent: programmeFiles
  name: 'programme'
  properties: {
    shareQuota: 1
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'starcadence'
  location: location
  properties: {
    retentionInDays: 365
    sku: {
      name: 'PerGB2018'
    }
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'starcadence'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

resource mounted 'Microsoft.App/managedEnvironments/storages@2024-03-01' = {
  parent: environment
  name: 'programme'
  properties: {
    azureFile: {
      accountName: programme.name
      accountKey: programme.listKeys().keys[0].value
      shareName: programmeShare.name
      accessMode: 'ReadOnly'
    }
  }
}

resource job 'Microsoft.App/jobs@2024-03-01' = {
  name: 'starcadence'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${agent.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      triggerType: 'Schedule'
      replicaTimeout: 21600
      replicaRetryLimit: 0 // the next call tries again
      scheduleTriggerConfig: {
        cronExpression: schedule
        parallelism: 1
        replicaCompletionCount: 1
      }
    }
    template: {
      containers: [
        {
          name: 'starcadence'
          image: image
          args: [
            'run'
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: [
            {
              name: 'STARCADENCE_PROGRAMME'
              value: '/programme/programme.yaml'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: agent.properties.clientId
            }
            {
              name: 'AZURE_STORAGE_ACCOUNT_NAME'
              value: evidence.name
            }
          ]
          volumeMounts: [
            {
              volumeName: 'programme'
              mountPath: '/programme'
            }
            {
              volumeName: 'scratch'
              mountPath: '/scratch'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'programme'
          storageType: 'AzureFile'
          storageName: mounted.name
          mountOptions: 'uid=65532,gid=65532,file_mode=0600,dir_mode=0700,nobrl' // keys that others may read are refused
        }
        {
          name: 'scratch'
          storageType: 'EmptyDir'
        }
      ]
    }
  }
  dependsOn: [
    mayKeep
  ]
}

resource alarms 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'starcadence'
  location: 'global'
  properties: {
    enabled: true
    groupShortName: 'starcadence'
    emailReceivers: [
      {
        name: 'alarms'
        emailAddress: alarmEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// A status other than 0 needs a person: docs/exit-status.md.
resource failed 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'starcadence-run-failed'
  location: 'global'
  properties: {
    description: 'A run of Starcadence ended with a status other than 0'
    enabled: true
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    scopes: [
      job.id
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'failed'
          metricNamespace: 'Microsoft.App/jobs'
          metricName: 'Executions'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'executionResult'
              operator: 'Include'
              values: [
                'Failed'
              ]
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource silent 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'starcadence-silent'
  location: location
  properties: {
    description: 'Nothing has called Starcadence for six hours'
    enabled: true
    severity: 1
    evaluationFrequency: 'PT1H'
    windowSize: 'PT6H'
    scopes: [
      logs.id
    ]
    criteria: {
      allOf: [
        {
          query: 'ContainerAppConsoleLogs_CL | where ContainerJobName_s == \'starcadence\''
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
        }
      ]
    }
    actions: {
      actionGroups: [
        alarms.id
      ]
    }
  }
}

@description('As whom the agent runs')
output agentClientId string = agent.properties.clientId

@description('principalId of role.bicep')
output agentPrincipalId string = agent.properties.principalId
