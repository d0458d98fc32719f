using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Cascade.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class WireRoundTripTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> TypeNames => [.. WireNames.Types.Select(type => type.FullName!)];

    public void Dispose() => _services.Dispose();

    [Theory, MemberData(nameof(TypeNames))]
    public void Serializer_FilledValue_ComesBackTheSame(string name) => AssertRoundTrip(WireFiller.Filled(TypeOf(name)));

    [Theory, MemberData(nameof(TypeNames))]
    public void Serializer_NothingSet_ComesBackTheSame(string name) => AssertRoundTrip(WireFiller.Default(TypeOf(name)));

    [Fact]
    public void Filler_CoversEveryMemberOfEveryType()
    {
        var unset = WireNames.Types
            .Where(type => !type.IsEnum)
            .SelectMany(type => Values(WireFiller.Filled(type), type.Name))
            .Where(item => item.Value is "" or "0" or "null" or "False" or "None")
            .Select(item => $"{item.Path}: left at {item.Value}");

        Rule.Holds(unset);
    }

    [Fact]
    public void Values_DifferentMembers_AreToldApart()
    {
        var filled = (CatalogItem)WireFiller.Filled(typeof(CatalogItem));

        Assert.NotEqual(Values(filled, ""), Values(filled with { Source = "another" }, ""));
        Assert.NotEqual(Values(filled, ""), Values(filled with { Endpoints = [] }, ""));
        Assert.NotEqual(Values(filled with { Endpoints = default }, ""), Values(filled with { Endpoints = [] }, ""));
    }

    private static Type TypeOf(string name) => WireNames.Types.Single(type => type.FullName == name);

    /// <summary>Every leaf of a value with its path, so that two values compare by content and a failure names the member.</summary>
    private static List<(string Path, string Value)> Values(object? value, string path) => value switch
    {
        null => [(path, "null")],
        Exception exception => [(path, $"{exception.GetType()} {exception.Message}")],
        IEnumerable items when IsDefaultArray(items) => [(path, "default")],
        IEnumerable items and not string =>
            [(path, "array"), .. items.Cast<object>().SelectMany((item, index) => Values(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))],
        _ when WireNames.Members(value.GetType()) is { Count: > 0 } members =>
            [.. members.SelectMany(member => Values(value.GetType().GetProperty(member.Name)!.GetValue(value), $"{path}.{member.Name}"))],
        IFormattable leaf => [(path, leaf.ToString(value is DateTimeOffset ? "o" : null, CultureInfo.InvariantCulture))],
        _ => [(path, value.ToString()!)],
    };

    private static bool IsDefaultArray(IEnumerable items) =>
        items.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && (bool)type.GetProperty(nameof(ImmutableArray<int>.IsDefault))!.GetValue(items)!;

    private void AssertRoundTrip(object value)
    {
        var serializer = _services.GetRequiredService<Serializer>();

        var back = serializer.Deserialize<object>(serializer.SerializeToArray<object>(value));

        Assert.NotNull(back);
        Assert.IsType(value.GetType(), back);
        Assert.Equal(Values(value, value.GetType().Name), Values(back, value.GetType().Name));
        if (!value.GetType().IsValueType)
        {
            Assert.False(ReferenceEquals(value, back), $"{RuntimeHelpers.GetHashCode(value)} was not serialized at all");
        }
    }
}
