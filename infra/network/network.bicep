import { Plan, Tags } from '../types.bicep'

@description('Name of the virtual network.')
@minLength(2)
@maxLength(64)
param name string

@description('Start of the names of the private endpoints.')
@maxLength(70)
param endpointPrefix string

@description('Region of network and endpoints.')
param location string

@description('Tags of network, endpoints and zones.')
param tags Tags

@description('The storage account behind the private endpoints.')
param storageAccountName string

@description('Hosting plan of the app in the subnet.')
param plan Plan

@description('Address range, /25 or larger: a /26 for the app and a /27 for the endpoints come from it.')
@maxLength(18)
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: plan
              properties: {
                serviceName: plan == 'flex-consumption' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms'
              }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 2)
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'private-endpoints'
  }
}

// Not in parallel: a storage account takes one change of its private endpoint connections at a time.
@batchSize(1)
module endpoints 'private-endpoint.bicep' = [
  for service in ['blob', 'queue', 'table']: {
    name: 'private-endpoint-${service}'
    params: {
      name: '${endpointPrefix}-${service}'
      location: location
      tags: tags
      service: service
      storageAccountName: storageAccountName
      networkResourceId: network.id
      subnetResourceId: network::endpointSubnet.id
    }
  }
]

@description('Subnet for the outgoing traffic of the app.')
output appSubnetResourceId string = network::appSubnet.id

@description('Resource id of the network, for peerings.')
output networkResourceId string = network.id
