using System.Collections.Immutable;
using System.Text.Json;

using Cascade.Storage;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class StateSerializerTests
{
    private static readonly StateSerializer Serializer = new();

    private enum Colour
    {
        None = 0,
        Red = 1,
    }

    [Fact]
    public void Serialize_AState_IsReadableWithoutNullsOrTypeNames()
    {
        var json = Serializer.Serialize(Full()).ToString();

        Assert.Equal(
            """{"schemaVersion":1,"spentNanos":9007199254740993,"paint":"Red","leases":[{"id":"a","at":"2026-03-01T12:30:15+00:00"}],""" +
            """
            "names":{"x":1}}
            """,
            json);
    }

    [Fact]
    public void Deserialize_WhatWasSerialized_GivesItBack()
    {
        var back = Serializer.Deserialize<Book>(Serializer.Serialize(Full()));

        Assert.Equal(Full() with { Leases = back.Leases, Names = back.Names }, back);
        Assert.Equal(Full().Leases.AsEnumerable(), back.Leases);
        Assert.Equal(Full().Names, back.Names);
        Assert.Equal(Serializer.Serialize(Full()).ToString(), Serializer.Serialize(back).ToString());
    }

    [Fact]
    public void Deserialize_EmptyCollections_StayEmpty() =>
        Assert.Empty(Serializer.Deserialize<Book>(Serializer.Serialize(new Book { SchemaVersion = 1 })).Leases);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1,"later":true}""")]
    [InlineData("""{"schemaVersion":"1"}""")]
    [InlineData("""{"schemaVersion":1,"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":1,"paint":"Blue"}""")]
    [InlineData("""{"schemaVersion":1,"paint":1}""")]
    [InlineData("""{"schemaVersion":1""")]
    public void Deserialize_InvalidDocument_IsAFault(string json) =>
        Assert.Throws<JsonException>(() => Serializer.Deserialize<Book>(new BinaryData(json)));

    private static Book Full() => new()
    {
        SchemaVersion = 1,
        SpentNanos = 9_007_199_254_740_993,
        Paint = Colour.Red,
        Leases = [new Page { Id = "a", At = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero) }],
        Names = ImmutableSortedDictionary<string, int>.Empty.Add("x", 1),
    };

    private sealed record Book
    {
        public required int SchemaVersion { get; init; }

        public long SpentNanos { get; init; }

        public Colour Paint { get; init; }

        public string? Note { get; init; }

        public ImmutableArray<Page> Leases { get; init; } = [];

        public ImmutableSortedDictionary<string, int> Names { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
    }

    private sealed record Page
    {
        public required string Id { get; init; }

        public DateTimeOffset At { get; init; }
    }
}
