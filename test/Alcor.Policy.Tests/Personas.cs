using Alcor.Kernel.Resources;

namespace Alcor.Policy.Tests;

/// <summary>Those who ask in these tests. Roles contain what they imply, as the identity service gives them.</summary>
internal static class Personas
{
    public static readonly Caller Admin = Of("operations", "admin", "member", "reader") with { IsAdmin = true };

    /// <summary>Of an identity service where roles imply nothing.</summary>
    public static readonly Caller AdminAlone = Of("operations", "admin");

    public static readonly Caller SystemAdmin =
        new() { UserId = "root", IsSystemScoped = true, Roles = ["admin", "member", "reader"], IsAdmin = true };

    public static readonly Caller Member = Of("mine", "member", "reader");

    public static readonly Caller Reader = Of("mine", "reader");

    public static readonly Caller OtherMember = Of("other", "member", "reader");

    public static readonly Caller AdvancedService = Of("service", "advsvc");

    public static readonly IReadOnlyList<(string Name, Caller Caller)> All =
    [
        ("admin", Admin), ("admin alone", AdminAlone), ("system admin", SystemAdmin), ("member", Member),
        ("reader", Reader), ("other member", OtherMember), ("advsvc", AdvancedService),
    ];

    public static Caller Of(string project, params string[] roles) =>
        new() { UserId = $"user of {project}", ProjectId = project, Roles = [.. roles] };
}
