namespace Cascade.Providers.Azure;

/// <summary>The address that the SDK puts the operation behind.</summary>
internal static class AzureAddress
{
    /// <summary>Without a dated version, the address of the current API, which takes the deployment as the model; with one, that of the deployment.</summary>
    public static Uri Resolve(string baseUrl, string? version, string deployment, bool responses)
    {
        var address = new UriBuilder(baseUrl);
        var path = address.Path.TrimEnd('/');
        address.Path = path + (version is null ? "/openai/v1" : responses ? "/openai" : "/openai/deployments/" + Uri.EscapeDataString(deployment));
        return address.Uri;
    }
}
