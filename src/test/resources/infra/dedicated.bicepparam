// A plan of its own in the public cloud.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param plan = 'dedicated'
param dedicatedSku = 'P0v3'
param javaVersion = '21'
