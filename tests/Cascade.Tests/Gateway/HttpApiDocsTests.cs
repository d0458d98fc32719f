using System.Globalization;
using System.Reflection;
using Cascade.Server.Gateway;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Tests.Configuration;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class HttpApiDocsTests
{
    private static readonly string Page = RepositoryFiles.Read("docs/http-api.md");

    [Fact]
    public void ErrorTable_IsExactlyTheMapping()
    {
        var documented = Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 7 && int.TryParse(cells[1], out _))
            .Select(cells => $"{cells[1]} {cells[2].Trim('`')} {cells[3].Trim('`')} {cells[4]}");
        var real = StatusMap.Rows.Values.Concat(GatewayErrors.All)
            .Select(k => string.Create(
                CultureInfo.InvariantCulture, $"{k.HttpStatus} {k.Type} {k.Code} {k.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture) ?? "-"}"));

        Assert.Equal(real.Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Fields_EachKnownOne_IsNamed() => Assert.All(
        RequestFields.Read.Concat(RequestFields.Refused.Keys),
        field => Assert.Contains($"`{field}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Headers_EachOne_IsNamed() => Assert.All(
        typeof(GatewayHeaders).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!),
        header => Assert.Contains($"`{header}`", Page, StringComparison.Ordinal));
}
