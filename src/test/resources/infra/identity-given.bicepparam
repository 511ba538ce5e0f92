// An administrator made the identity, in a resource group of their own, and granted it the Defender role first.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param existingIdentityResourceId = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-alert-user'
