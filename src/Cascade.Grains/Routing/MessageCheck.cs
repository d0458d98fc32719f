using System.Buffers.Text;
using Cascade.Contracts;

namespace Cascade.Grains.Routing;

/// <summary>Says what is wrong with the messages of a request.</summary>
internal static class MessageCheck
{
    private const int MaxNameLength = 64;
    private const int MaxCallIdLength = 256;

    /// <summary>The first problem, naming the field and the repair; null when there is none.</summary>
    public static string? Problem(CascadeRequest request)
    {
        if (request.Messages.IsDefaultOrEmpty)
        {
            return "messages: is empty; give at least one message";
        }

        var called = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Messages.Length; i++)
        {
            if (Problem(request.Messages[i], $"messages[{i}]", called) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Whether a text can name a tool or a speaker.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= MaxNameLength } && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Whether a text is an address of an image, or an image as an address.</summary>
    public static bool IsImage(string uri)
    {
        if (!uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(uri, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        }

        const string Prefix = "data:image/";
        const string Marker = ";base64,";
        var at = uri.IndexOf(Marker, StringComparison.Ordinal);
        return uri.StartsWith(Prefix, StringComparison.Ordinal)
            && at > Prefix.Length
            && uri[Prefix.Length..at].All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-')
            && at + Marker.Length < uri.Length
            && Base64.IsValid(uri.AsSpan(at + Marker.Length));
    }

    private static string? Problem(CascadeMessage message, string path, HashSet<string> called)
    {
        if (!Enum.IsDefined(message.Role) || message.Role == ChatMessageRole.None)
        {
            return $"{path}.role: is not set; use system, user, assistant or tool";
        }

        if (message.Name is not null && !IsName(message.Name))
        {
            return $"{path}.name: is not 1 to {MaxNameLength} letters, digits, _ and -; change or remove it";
        }

        return Parts(message, path) ?? Calls(message, path, called) ?? Result(message, path, called);
    }

    private static string? Parts(CascadeMessage message, string path)
    {
        if (message.Parts.IsDefaultOrEmpty)
        {
            return null;
        }

        if (message.Text.Length > 0)
        {
            return $"{path}.content: is given as a text and as parts; give one of them";
        }

        for (var i = 0; i < message.Parts.Length; i++)
        {
            var part = message.Parts[i];
            switch (part.Kind)
            {
                case ContentPartKind.Text:
                    break;
                case ContentPartKind.Image when message.Role != ChatMessageRole.User:
                    return $"{path}.content[{i}]: is an image; only messages of the user hold images";
                case ContentPartKind.Image when !Enum.IsDefined(part.Detail):
                    return $"{path}.content[{i}].image_url.detail: is unknown; use auto, low or high";
                case ContentPartKind.Image:
                    if (!IsImage(part.Uri))
                    {
                        return $"{path}.content[{i}].image_url.url: is neither an http(s) address nor 'data:image/TYPE;base64,' with base64 after it";
                    }

                    break;
                default:
                    return $"{path}.content[{i}].type: is not set; use text or image_url";
            }
        }

        return null;
    }

    private static string? Calls(CascadeMessage message, string path, HashSet<string> called)
    {
        if (message.Role != ChatMessageRole.Assistant)
        {
            return !message.ToolCalls.IsDefaultOrEmpty ? $"{path}.tool_calls: only the assistant calls tools; remove it"
                : message.RefusalText is not null ? $"{path}.refusal: only the assistant refuses; remove it"
                : null;
        }

        for (var i = 0; i < (message.ToolCalls.IsDefault ? 0 : message.ToolCalls.Length); i++)
        {
            var call = message.ToolCalls[i];
            if (call.CallId is not { Length: > 0 and <= MaxCallIdLength })
            {
                return $"{path}.tool_calls[{i}].id: has no or more than {MaxCallIdLength} characters; send it as the answer gave it";
            }

            if (!IsName(call.Name))
            {
                return $"{path}.tool_calls[{i}].function.name: is not 1 to {MaxNameLength} letters, digits, _ and -; send it as the answer gave it";
            }

            if (call.ArgumentsJson is null)
            {
                return $"{path}.tool_calls[{i}].function.arguments: is missing; send it as the answer gave it";
            }

            called.Add(call.CallId);
        }

        return null;
    }

    private static string? Result(CascadeMessage message, string path, HashSet<string> called)
    {
        if (message.Role != ChatMessageRole.Tool)
        {
            return message.ToolCallId is null ? null : $"{path}.tool_call_id: only a message of a tool has one; remove it";
        }

        return message.ToolCallId is { } id && called.Contains(id)
            ? null
            : $"{path}.tool_call_id: names no tool call of an earlier message; send the assistant's message with the call before its result";
    }
}
