import { Tags } from '../types.bicep'

@description('Name of the connector, as makers see it.')
@minLength(1)
@maxLength(30)
param name string = 'Defender alert users'

@description('Region of the connector.')
param location string = resourceGroup().location

@description('Tags of the connector.')
param tags Tags = {}

@description('Host name of the function app.')
@minLength(1)
param hostName string

// What the app answers at /api/swagger.json. A test holds it against the code that makes that answer.
var swagger = loadJsonContent('swagger.json')

resource connector 'Microsoft.Web/customApis@2016-06-01' = {
  name: replace(toLower(name), ' ', '-')
  location: location
  tags: tags
  properties: {
    displayName: name
    description: 'Finds the user behind a Microsoft Defender for Endpoint alert, under one shared budget of calls.'
    apiType: 'Rest'
    brandColor: '#0f6cbd'
    capabilities: []
    backendService: {
      serviceUrl: 'https://${hostName}${swagger.basePath}'
    }
    // Makers type the function key once, when they make a connection; the platform keeps it. Connectors that are made in the
    // portal have a uiDefinition, of which Bicep's types do not know.
    connectionParameters: {
      api_key: any({
        type: 'securestring'
        uiDefinition: {
          displayName: 'Function key'
          description: 'A function key of the app, made for this connection alone'
          tooltip: 'Provide a function key of the app'
          constraints: {
            tabIndex: 1
            clearText: false
            required: 'true'
          }
        }
      })
    }
    swagger: union(swagger, {
      host: hostName
    })
  }
}

@description('Resource id of the connector.')
output connectorResourceId string = connector.id
