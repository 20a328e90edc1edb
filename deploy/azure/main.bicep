// Starcadence: the read-only role on a management group, and its assignment to the agent's identity.
// The actions are what `starcadence permissions azure` prints, word for word: role.json, which is read here.
// az deployment mg create --management-group-id cloud-example --location westeurope --template-file deploy/azure/main.bicep --parameters principalId=...

targetScope = 'managementGroup'

@description('Object id of the service principal, or of the managed identity, as which the agent runs.')
@minLength(36)
param principalId string

var role = loadJsonContent('role.json')

resource reads 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, 'starcadence-reads')
  properties: {
    roleName: role.Name
    description: role.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: role.Actions
        notActions: role.NotActions
        dataActions: role.DataActions
        notDataActions: role.NotDataActions
      }
    ]
    assignableScopes: [
      managementGroup().id
    ]
  }
}

resource assigned 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, 'starcadence-reads')
  properties: {
    roleDefinitionId: reads.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output roleDefinitionId string = reads.id
