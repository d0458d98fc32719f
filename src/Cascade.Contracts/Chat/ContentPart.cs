namespace Cascade.Contracts;

/// <summary>What a part of a message holds. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.part-kind")]
public enum ContentPartKind
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>An image, by address or with its bytes.</summary>
    Image = 2,
}

/// <summary>How closely a model looks at an image, which decides what the image costs. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.image-detail")]
public enum ImageDetail
{
    /// <summary>Not said; the provider decides.</summary>
    None = 0,

    /// <summary>The provider decides.</summary>
    Auto = 1,

    /// <summary>A small copy is enough.</summary>
    Low = 2,

    /// <summary>Every detail counts.</summary>
    High = 3,
}

/// <summary>One part of a message that is more than a text.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.part")]
public sealed record ContentPart
{
    /// <summary>What it holds.</summary>
    [Id(0)]
    public required ContentPartKind Kind { get; init; }

    /// <summary>The text; only with <see cref="ContentPartKind.Text"/>.</summary>
    [Id(1)]
    public string Text { get; init; } = "";

    /// <summary>
    /// Where the image is: an absolute <c>http</c> or <c>https</c> address that the provider fetches, or a <c>data</c> address with its bytes in
    /// base64; only with <see cref="ContentPartKind.Image"/>.
    /// </summary>
    [Id(2)]
    public string Uri { get; init; } = "";

    /// <summary>How closely to look; only with <see cref="ContentPartKind.Image"/>.</summary>
    [Id(3)]
    public ImageDetail Detail { get; init; }

    /// <summary>A part that is text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The part.</returns>
    public static ContentPart OfText(string text) => new() { Kind = ContentPartKind.Text, Text = text };

    /// <summary>A part that is an image.</summary>
    /// <param name="uri">Where it is, or its bytes as a <c>data</c> address.</param>
    /// <param name="detail">How closely to look.</param>
    /// <returns>The part.</returns>
    public static ContentPart OfImage(string uri, ImageDetail detail) => new() { Kind = ContentPartKind.Image, Uri = uri, Detail = detail };
}
