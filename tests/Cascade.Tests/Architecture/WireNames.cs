using System.Reflection;
using Cascade.Contracts;

namespace Cascade.Tests.Architecture;

/// <summary>A member that travels.</summary>
internal sealed record WireMember(uint Id, string Name, Type Type);

/// <summary>What of <c>Cascade.Contracts</c> is on the wire, and under which names.</summary>
internal static class WireNames
{
    private static readonly Type[] All = typeof(CascadeRequest).Assembly.GetTypes();

    public static IReadOnlyList<Type> Interfaces { get; } =
        [.. All.Where(type => type.IsInterface && WireRules.IsGrain(type)).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    public static IReadOnlyList<Type> Types { get; } =
        [.. All.Where(type => WireRules.HasAttribute(type, "GenerateSerializerAttribute")).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    public static string Alias(MemberInfo member) => Argument(member, "AliasAttribute") as string ?? "(none)";

    public static int Version(Type type) => Argument(type, "VersionAttribute") is ushort version ? version : 0;

    public static IReadOnlyList<WireMember> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return
        [
            .. type.GetProperties(Own).Select(property => (Member: (MemberInfo)property, Type: property.PropertyType))
                .Concat(type.GetFields(Own).Select(field => (Member: (MemberInfo)field, Type: field.FieldType)))
                .Where(item => WireRules.HasAttribute(item.Member, "IdAttribute"))
                .Select(item => new WireMember((uint)Argument(item.Member, "IdAttribute")!, item.Member.Name, item.Type))
                .OrderBy(item => item.Id),
        ];
    }

    public static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : type.Name;
    }

    private static object? Argument(MemberInfo member, string attribute) => member.GetCustomAttributesData()
        .FirstOrDefault(data => data.AttributeType.Name == attribute)?
        .ConstructorArguments[0].Value;
}
