using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

/// <summary>Makes a flavor of a service profile, besides those that it is made of.</summary>
public sealed record AddServiceProfile(string FlavorId, string ProfileId) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(FlavorId);

    public IReadOnlyList<ResourceKey> Reads => [ServiceProfile.Type.Key(ProfileId)];

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(Flavor.Type, FlavorId) is not { } found)
            return FlavorErrors.NotFound(FlavorId);
        var profiles = found.Value.ServiceProfileIds.OrEmpty();
        if (profiles.Contains(ProfileId))
            return FlavorErrors.BindingExists(ProfileId, FlavorId);
        if (context.Read(ServiceProfile.Type, ProfileId) is null)
            return FlavorErrors.ProfileNotFound(ProfileId);
        var added = found.Value with { ServiceProfileIds = profiles.Add(ProfileId) };
        return new Decision().Update(Flavor.Type, added, found).AndAnswer();
    }
}

/// <summary>Ends that a flavor is made of a service profile; what was created by it stays.</summary>
public sealed record RemoveServiceProfile(string FlavorId, string ProfileId) : ICommand
{
    public PartitionKey Lane => Flavor.PartitionOf(FlavorId);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (snapshot.Find(Flavor.Type, FlavorId) is not { } found
            || found.Value.ServiceProfileIds.OrEmpty() is not { IsEmpty: false } profiles
            || !profiles.Contains(ProfileId))
            return FlavorErrors.BindingNotFound(ProfileId, FlavorId);
        var removed = found.Value with { ServiceProfileIds = profiles.Remove(ProfileId).OrAbsent() };
        return new Decision().Update(Flavor.Type, removed, found).AndAnswer();
    }
}
