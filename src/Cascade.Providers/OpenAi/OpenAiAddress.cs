namespace Cascade.Providers.OpenAi;

/// <summary>The address that the SDK puts <c>/chat/completions</c> behind.</summary>
internal static class OpenAiAddress
{
    public static readonly Uri Default = new("https://api.openai.com/v1");

    /// <summary>A path that somebody wrote is kept, because not every provider has its API under <c>/v1</c>.</summary>
    public static Uri Resolve(string? baseUrl)
    {
        if (baseUrl is null)
            return Default;
        var address = new UriBuilder(baseUrl);
        var path = address.Path.TrimEnd('/');
        address.Path = path.Length == 0 ? "/v1" : path;
        return address.Uri;
    }
}
