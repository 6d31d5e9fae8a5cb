using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Identity;

/// <summary>
/// No authentication (Neutron: <c>auth_strategy = noauth</c>): the request says itself who sends it, in the headers
/// that auth_token would set. Whoever names no roles is the administrator; whoever does has these, and the policy
/// decides what they allow.
/// </summary>
internal sealed class NoAuthentication : IAuthentication
{
    public ValueTask<Authenticated> AuthenticateAsync(HttpContext http) => new(Read(http.Request.Headers));

    private static Caller Read(IHeaderDictionary headers)
    {
        var caller = Caller.System;
        if (Find(headers, "X-Roles") is { } roles)
            caller = new Caller { Roles = RoleNames.Parse(roles) };
        if (Find(headers, "X-Project-Id") is { } project)
            caller = caller with { ProjectId = project };
        if (Find(headers, "X-Project-Name") is { } name)
            caller = caller with { ProjectName = name };
        if (Find(headers, "X-User-Id") is { } user)
            caller = caller with { UserId = user };
        if (Find(headers, "X-Domain-Id") is { } domain)
            caller = caller with { DomainId = domain };
        if (Find(headers, "OpenStack-System-Scope") is "all")
            caller = caller with { IsSystemScoped = true };
        if (Find(headers, "X-Service-Roles") is { } service)
            caller = caller with { ServiceRoles = RoleNames.Parse(service) };
        return caller;
    }

    private static string? Find(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && !StringValues.IsNullOrEmpty(values) ? values.ToString() : null;
}

/// <summary>Names of roles as a <see cref="Caller"/> holds them.</summary>
internal static class RoleNames
{
    /// <summary>A list with commas, as the headers of auth_token carry it.</summary>
    public static ImmutableArray<string> Parse(string list) =>
        Normalise(list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

#pragma warning disable CA1308 // Not for a round trip: a caller's roles are in lower case.
    public static ImmutableArray<string> Normalise(IEnumerable<string> names) =>
        [.. names.Select(name => name.ToLowerInvariant())];
#pragma warning restore CA1308
}
