// Two functions are off, and only some may call.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param disabledFunctions = ['AlertUserRequests', 'AlertUsers']
param allowedSources = ['203.0.113.0/24', 'LogicApps']
