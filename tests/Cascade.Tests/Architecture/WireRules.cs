using System.Reflection;

namespace Cascade.Tests.Architecture;

/// <summary>Rules on grain interfaces, wire types, grain classes and exceptions, read from metadata.</summary>
internal static class WireRules
{
    public static IEnumerable<string> CheckInterface(Type type)
    {
        if (!HasAttribute(type, "AliasAttribute"))
        {
            yield return $"{type}: a grain interface without [Alias]";
        }

        if (!HasAttribute(type, "GrainInterfaceTypeAttribute"))
        {
            yield return $"{type}: a grain interface without [GrainInterfaceType]; renaming it would break callers";
        }

        foreach (var method in type.GetMethods())
        {
            if (!HasAttribute(method, "AliasAttribute"))
            {
                yield return $"{type}.{method.Name}: a grain method without [Alias]";
            }

            var parameters = method.GetParameters();
            if (parameters.Length == 0 || parameters[^1].ParameterType != typeof(CancellationToken))
            {
                yield return $"{type}.{method.Name}: a CancellationToken must come last";
            }

            if (parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType).SelectMany(Parts).Any(IsGrain))
            {
                yield return $"{type}.{method.Name}: takes or returns a grain reference, which turns the direction of calls around";
            }
        }
    }

    public static IEnumerable<string> CheckWireType(Type type)
    {
        if (!HasAttribute(type, "AliasAttribute"))
        {
            yield return $"{type}: a wire type without [Alias]";
        }

        if (type.IsEnum)
        {
            yield break;
        }

        var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is not null);
        foreach (var member in members.Where(member => !HasAttribute(member, "IdAttribute")))
        {
            yield return $"{type}.{member.Name}: a wire member without [Id], which would silently not travel";
        }

        foreach (var clash in WireNames.Members(type).GroupBy(member => member.Id).Where(group => group.Count() > 1))
        {
            yield return $"{type}: the id {clash.Key} is used by {string.Join(" and ", clash.Select(member => member.Name))}";
        }

        foreach (var member in WireNames.Members(type).Where(member => Parts(member.Type).Any(IsMutable)))
        {
            yield return $"{type}.{member.Name}: {WireNames.Of(member.Type)} is mutable or open; use ImmutableArray or a wire type";
        }
    }

    public static IEnumerable<string> CheckGrainClass(Type type)
    {
        if (!HasAttribute(type, "GrainTypeAttribute"))
        {
            yield return $"{type}: a grain class without [GrainType]; renaming the class would lose its state";
        }

        if (!type.IsSealed)
        {
            yield return $"{type}: a grain class that is not sealed";
        }
    }

    public static IEnumerable<string> CheckException(Type type)
    {
        if (!HasAttribute(type, "GenerateSerializerAttribute") || !HasAttribute(type, "AliasAttribute"))
        {
            yield return $"{type}: an exception that does not cross a grain boundary; give it [GenerateSerializer] and [Alias]";
        }
    }

    public static bool IsGrain(Type type) => type.GetInterfaces().Append(type).Any(face => face == typeof(IGrain));

    public static bool HasAttribute(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == name);

    private static bool IsMutable(Type type) =>
        type == typeof(object)
        || type.IsArray
        || (type.IsGenericType && type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent")
        || type.Namespace == "System.Collections";

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
