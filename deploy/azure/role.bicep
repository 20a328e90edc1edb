// Starcadence: the read role on a management group, with an assignment to the agent. It is what `starcadence permissions azure` prints, word for word.
//   az deployment mg create --management-group-id GROUP --location westeurope --template-file deploy/azure/role.bicep --parameters principalId=...
targetScope = 'managementGroup'

@description('Object id of the agent\'s managed identity or service principal.')
param principalId string

var read = loadJsonContent('role.json')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, read.Name)
  properties: {
    roleName: read.Name
    description: read.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: read.Actions
        notActions: read.NotActions
        dataActions: read.DataActions
        notDataActions: read.NotDataActions
      }
    ]
    assignableScopes: [
      managementGroup().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, read.Name, principalId)
  properties: {
    roleDefinitionId: role.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
