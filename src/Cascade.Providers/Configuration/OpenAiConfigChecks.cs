namespace Cascade.Providers;

/// <summary>What can be wrong with the settings that only the <c>openai</c> provider has.</summary>
internal static class OpenAiConfigChecks
{
    public static IEnumerable<string> Check(EndpointConfig config)
    {
        if (string.IsNullOrWhiteSpace(config.Model))
            yield return "Model is not set; give the provider's name of the model.";
        if (config.OutputLimitField is not (OutputLimitFields.MaxCompletionTokens or OutputLimitFields.MaxTokens))
        {
            yield return $"OutputLimitField is unknown (\"{config.OutputLimitField}\"); use one of: "
                + $"{OutputLimitFields.MaxCompletionTokens}, {OutputLimitFields.MaxTokens}.";
        }

        foreach (var problem in Address(config.BaseUrl).Concat(Key(config)))
            yield return problem;
    }

    private static IEnumerable<string> Address(string? baseUrl)
    {
        if (baseUrl is null)
            yield break;
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            yield return "BaseUrl is not an http or https address; give one such as https://host/v1.";
            yield break;
        }

        // The address is not repeated here: what follows an @ or a ? may be a secret.
        if (address.UserInfo.Length > 0)
            yield return "BaseUrl holds a user or password; remove it and give the key by ApiKeyEnvironment or ApiKeyFile.";
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            yield return "BaseUrl has a query or a fragment; end it with the path.";
    }

    private static IEnumerable<string> Key(EndpointConfig config)
    {
        if (config.ApiKeyEnvironment is not null && config.ApiKeyFile is not null)
            yield return "ApiKeyFile is set although ApiKeyEnvironment is; keep one of the two.";
        if (config.ApiKeyEnvironment is null && config.ApiKeyFile is null && config.BaseUrl is null)
            yield return "ApiKeyEnvironment is not set, and OpenAI takes no call without a key; name the variable (OPENAI_API_KEY), or set ApiKeyFile.";
        if (config.ApiKeyEnvironment is { } variable && string.IsNullOrWhiteSpace(Variable(variable)))
            yield return "ApiKeyEnvironment names a variable that is not set; set it, or name another (the name of the variable, not the key).";
        if (config.ApiKeyFile is { } file && !File.Exists(file))
            yield return $"ApiKeyFile does not exist (\"{file}\"); create it with the key as its only text, or correct the path.";
    }

    // The runtime throws for an empty name.
    private static string? Variable(string name) => name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
}
