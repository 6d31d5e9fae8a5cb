using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.SubnetPools;

/// <summary>What the Networking API can ask of subnet pools.</summary>
public sealed class SubnetPoolCommands : IResourceCommands
{
    public IResourceType Type => SubnetPool.Type;

    public IReadOnlyList<MemberAction> Actions =>
    [
        Prefixes("add_prefixes", "Adds prefixes to the pool.", isRemoval: false),
        Prefixes("remove_prefixes", "Takes prefixes away that no subnet has.", isRemoval: true),
        new(
            "onboard_network_subnets",
            "Brings the subnets of a network into the pool.",
            (current, change) => new OnboardSubnets(IdOf(current), change),
            new ActionAnswer(null, [SubnetAttributes.Id, SubnetAttributes.Cidr]) { IsList = true })
        {
            Attributes = [OnboardSubnets.NetworkId],
        },
    ];

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSubnetPools(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateSubnetPool(IdOf(current), change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteSubnetPool(IdOf(current), change.IfRevision);

    private static MemberAction Prefixes(string name, string description, bool isRemoval) =>
        new(
            name,
            description,
            (current, change) => new ChangePrefixes(IdOf(current), change, isRemoval),
            new ActionAnswer(null, [SubnetPoolAttributes.Prefixes]))
        {
            Attributes = [SubnetPoolAttributes.Prefixes],
        };

    private static string IdOf(Stamped<object> current) => ((SubnetPool)current.Value).Id;
}
