using Alcor.Kernel.Resources;

namespace Alcor.Network.Flavors;

/// <summary>
/// Who provides routers. They are all Alcor's own; the other ones are those that every Neutron has, so that profiles
/// and flavors which name them go on meaning a kind of router.
/// </summary>
/// <param name="Driver">What service profiles name it by.</param>
/// <param name="IsDistributed">Whether its routers are; null: as is asked.</param>
/// <param name="IsHighlyAvailable">Whether its routers are; null: as is asked.</param>
public sealed record RouterProvider(string Name, string Driver, bool? IsDistributed, bool? IsHighlyAvailable)
{
    private const string Legacy = "neutron.services.l3_router.service_providers";

    /// <summary>The default first.</summary>
    public static readonly IReadOnlyList<RouterProvider> All =
    [
        new("alcor", "alcor", IsDistributed: null, IsHighlyAvailable: null),
        new("dvrha", $"{Legacy}.dvrha.DvrHaDriver", IsDistributed: true, IsHighlyAvailable: true),
        new("dvr", $"{Legacy}.dvr.DvrDriver", IsDistributed: true, IsHighlyAvailable: false),
        new("ha", $"{Legacy}.ha.HaDriver", IsDistributed: false, IsHighlyAvailable: true),
        new("single_node", $"{Legacy}.single_node.SingleNodeDriver", IsDistributed: false, IsHighlyAvailable: false),
    ];

    public static RouterProvider? Find(string driver) => All.FirstOrDefault(provider => provider.Driver == driver);

    /// <summary>Who provides what is of a flavor: that of its first profile.</summary>
    public static Result<RouterProvider> Next(string flavorId, DecideContext context)
    {
        if (context.Read(Flavor.Type, flavorId) is not { } flavor)
            return FlavorErrors.NotFound(flavorId);
        if (flavor.Value.ServiceProfileIds.OrEmpty() is not [var first, ..])
            return FlavorErrors.BindingNotFound("", flavorId);
        if (context.Read(ServiceProfile.Type, first) is not { } profile)
            return FlavorErrors.ProfileNotFound(first);
        if (!profile.Value.Enabled)
            return FlavorErrors.ProfileDisabled;
        return Find(profile.Value.Driver) is { } provider
            ? provider
            : FlavorErrors.DriverNotFound(profile.Value.Driver);
    }

    /// <summary>An error if it does not provide routers of the kind that is asked for; null: not asked.</summary>
    public ApiError? Refuse(bool? distributed, bool? highlyAvailable) =>
        Refuse("distributed", IsDistributed, distributed) ?? Refuse("ha", IsHighlyAvailable, highlyAvailable);

    private ApiError? Refuse(string attribute, bool? provided, bool? asked) =>
        provided is not null && asked is not null && provided != asked
            ? Errors.InvalidInput($"Provider {Name} does not support {attribute}={asked}")
            : null;
}
