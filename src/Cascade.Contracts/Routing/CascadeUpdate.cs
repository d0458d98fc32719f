namespace Cascade.Contracts;

/// <summary>What an update says. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.update-kind")]
public enum CascadeUpdateKind
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>The answer of one endpoint is committed: all text that follows is its, and none is taken back.</summary>
    Committed = 1,

    /// <summary>The next part of the committed answer.</summary>
    Text = 2,

    /// <summary>The request has ended; always the last update. Without an answer, or when a committed one broke off, the reply says why.</summary>
    Ended = 3,
}

/// <summary>
/// A piece of an answer that is delivered while it is made: nothing or one <see cref="CascadeUpdateKind.Committed"/>, any number of
/// <see cref="CascadeUpdateKind.Text"/>, and one <see cref="CascadeUpdateKind.Ended"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.update")]
public sealed record CascadeUpdate
{
    /// <summary>What it says.</summary>
    [Id(0)]
    public required CascadeUpdateKind Kind { get; init; }

    /// <summary>The text, with <see cref="CascadeUpdateKind.Text"/>; otherwise empty.</summary>
    [Id(1)]
    public string Text { get; init; } = "";

    /// <summary>Whose answer it is, with <see cref="CascadeUpdateKind.Committed"/>; otherwise default.</summary>
    [Id(2)]
    public EndpointId Endpoint { get; init; }

    /// <summary>The reply, with <see cref="CascadeUpdateKind.Ended"/>; its text is empty, because the updates before it carried it. Otherwise null.</summary>
    [Id(3)]
    public CascadeReply? Reply { get; init; }
}
