using Cascade.Providers;
using Cascade.Providers.Calling;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class EndpointFeaturesTests
{
    [Theory]
    [InlineData(ProviderKinds.OpenAi, OpenAiApis.Chat, EndpointFeatures.All)]
    [InlineData(ProviderKinds.AzureOpenAi, OpenAiApis.Chat, EndpointFeatures.All)]
    [InlineData(ProviderKinds.OpenAi, OpenAiApis.Responses, EndpointFeatures.None)]
    [InlineData(ProviderKinds.AzureOpenAi, OpenAiApis.Responses, EndpointFeatures.None)]
    [InlineData(ProviderKinds.Anthropic, OpenAiApis.Chat, EndpointFeatures.None)]
    [InlineData(ProviderKinds.Ollama, OpenAiApis.Chat, EndpointFeatures.None)]
    [InlineData(ProviderKinds.Synthetic, OpenAiApis.Chat, EndpointFeatures.All)]
    public void ToFeatures_EveryProtocol_HasWhatItsAdapterSends(string provider, string api, EndpointFeatures expected) =>
        Assert.Equal(expected, new EndpointConfig { Provider = provider, Api = api }.ToFeatures());
}
