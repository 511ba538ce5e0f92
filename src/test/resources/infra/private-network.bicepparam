// Everything that can be closed or kept warm.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param privateNetwork = true
param alwaysReadyHttpInstances = 1
param alwaysReadyQueueInstances = 1
param maximumInstanceCount = 40
param javaVersion = '21'
