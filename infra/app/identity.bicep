import { Tags } from '../types.bicep'

@description('Name of the identity that is made when none is given.')
@minLength(3)
@maxLength(128)
param name string

@description('Region of the identity.')
param location string

@description('Tags of the identity.')
param tags Tags

@description('Resource id of an identity that exists already; empty to make one.')
param existingResourceId string

var isGiven = !empty(existingResourceId)
// /subscriptions/{2}/resourceGroups/{4}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{8}
var segments = split(isGiven ? existingResourceId : '/subscriptions//resourceGroups////////', '/')

resource given 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (isGiven) {
  name: segments[8]
  scope: resourceGroup(segments[2], segments[4])
}

// User-assigned, so that the Defender role outlives the app and can be granted before there is one.
resource made 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (!isGiven) {
  name: name
  location: location
  tags: tags
}

@description('Client id: what the app names when it asks for a token.')
output clientId string = isGiven ? given!.properties.clientId : made!.properties.clientId

@description('Object id: what roles are assigned to.')
output principalId string = isGiven ? given!.properties.principalId : made!.properties.principalId
