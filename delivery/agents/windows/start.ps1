# start.ps1: fetch the agent that the organization wants, register it, and run it.
# AZP_URL and AZP_POOL say where; the managed identity or the pod's service account signs in.
$ErrorActionPreference = 'Stop'
$devops = '499b84ac-1321-427f-aa17-267ca6975798'
foreach ($name in 'AZP_URL', 'AZP_POOL') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "$name is not set" }
}

function Get-Token {
    if ($env:AZURE_FEDERATED_TOKEN_FILE) {
        $form = @{
            client_id             = $env:AZURE_CLIENT_ID
            scope                 = "$devops/.default"
            grant_type            = 'client_credentials'
            client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
            client_assertion      = (Get-Content -Raw $env:AZURE_FEDERATED_TOKEN_FILE).Trim()
        }
        $url = "$($env:AZURE_AUTHORITY_HOST.TrimEnd('/'))/$env:AZURE_TENANT_ID/oauth2/v2.0/token"
        return (Invoke-RestMethod -Method Post -Uri $url -Body $form).access_token
    }
    $url = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=$devops"
    if ($env:AZURE_CLIENT_ID) { $url += "&client_id=$env:AZURE_CLIENT_ID" }
    return (Invoke-RestMethod -Uri $url -Headers @{ Metadata = 'true' }).access_token
}

$basic = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes("user:$(Get-Token)"))
$packages = "$env:AZP_URL/_apis/distributedtask/packages/agent?platform=win-x64&`$top=1"
$package = (Invoke-RestMethod -Uri $packages -Headers @{ Authorization = "Basic $basic" }).value[0]
Invoke-WebRequest -UseBasicParsing -Uri $package.downloadUrl -OutFile agent.zip
Expand-Archive -Path agent.zip -DestinationPath . -Force
Remove-Item agent.zip

$name = if ($env:AZP_AGENT_NAME) { $env:AZP_AGENT_NAME } else { $env:COMPUTERNAME }
try {
    .\config.cmd --unattended --acceptTeeEula --replace --url $env:AZP_URL --pool $env:AZP_POOL `
        --agent $name --work _work --auth PAT --token (Get-Token)
    .\run.cmd @args
}
finally {
    .\config.cmd remove --unattended --auth PAT --token (Get-Token)
}
