// The same identity, as the portal may spell it.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param existingIdentityResourceId = '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/RG-IDENTITIES/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ID-ALERT-USER'
