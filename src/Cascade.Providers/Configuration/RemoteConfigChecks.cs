using Cascade.Providers.OpenAi;

namespace Cascade.Providers;

/// <summary>What can be wrong with the settings of a provider that is called over a network.</summary>
internal static class RemoteConfigChecks
{
    public static IEnumerable<string> Check(EndpointConfig config) =>
        Model(config).Concat(OpenAi(config)).Concat(Address(config.BaseUrl)).Concat(Key(config));

    private static IEnumerable<string> Model(EndpointConfig config)
    {
        if (string.IsNullOrWhiteSpace(config.Model))
            yield return "Model is not set; give the provider's name of the model.";
        if (config.Provider == ProviderKinds.AzureOpenAi && config.BaseUrl is null)
            yield return "BaseUrl is not set; give the address of the Azure resource, such as https://NAME.openai.azure.com.";
        if (config.ApiVersion is { } version && (config.Provider != ProviderKinds.AzureOpenAi || string.IsNullOrWhiteSpace(version)))
            yield return "ApiVersion is for azure-openai, and not empty; remove it, or set Provider to azure-openai.";
    }

    private static IEnumerable<string> OpenAi(EndpointConfig config)
    {
        var speaksOpenAi = config.Provider is ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi;
        if (config.OutputLimitField is not (null or OutputLimitFields.MaxCompletionTokens or OutputLimitFields.MaxTokens))
        {
            yield return $"OutputLimitField is unknown (\"{config.OutputLimitField}\"); use one of: "
                + $"{OutputLimitFields.MaxCompletionTokens}, {OutputLimitFields.MaxTokens}.";
        }

        if (config.Api is not (OpenAiApis.Chat or OpenAiApis.Responses))
            yield return $"Api is unknown (\"{config.Api}\"); use one of: {OpenAiApis.Chat}, {OpenAiApis.Responses}.";
        else if (config.Api == OpenAiApis.Responses && !speaksOpenAi)
            yield return $"Api is responses, which the {config.Provider} provider does not have; remove it.";
        if (config.OutputLimitField is not null && (!speaksOpenAi || config.Api == OpenAiApis.Responses))
            yield return "OutputLimitField is set, but only chat completions of openai have a choice; remove it.";
        if (OpenAiQuirks.Find(config.Compatible) is not { } quirks)
            yield return $"Compatible is unknown (\"{config.Compatible}\"); use one of: {string.Join(", ", OpenAiQuirks.All.Select(each => each.Name))}.";
        else if (quirks != OpenAiQuirks.OpenAi && config.Provider != ProviderKinds.OpenAi)
            yield return $"Compatible is {config.Compatible}, but the provider is {config.Provider}; remove it, or set Provider to openai.";
        else if (quirks.BaseUrl is null && config.BaseUrl is null)
            yield return $"BaseUrl is not set, and {config.Compatible} has no address of its own; give that of the server.";
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
        if (config.ApiKeyEnvironment is null && config.ApiKeyFile is null && config.BaseUrl is null && config.Provider != ProviderKinds.Ollama)
        {
            var (who, variable) = config.Provider == ProviderKinds.Anthropic ? ("Anthropic", "ANTHROPIC_API_KEY")
                : config.Compatible == OpenAiQuirks.OpenAi.Name ? ("OpenAI", "OPENAI_API_KEY") : (config.Compatible, "for example PROVIDER_API_KEY");
            yield return $"ApiKeyEnvironment is not set, and {who} takes no call without a key; name the variable ({variable}), or set ApiKeyFile.";
        }

        if (config.ApiKeyEnvironment is { } name && string.IsNullOrWhiteSpace(Variable(name)))
            yield return "ApiKeyEnvironment names a variable that is not set; set it, or name another (the name of the variable, not the key).";
        if (config.ApiKeyFile is { } file && !File.Exists(file))
            yield return $"ApiKeyFile does not exist (\"{file}\"); create it with the key as its only text, or correct the path.";
    }

    // The runtime throws for an empty name.
    private static string? Variable(string name) => name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
}
