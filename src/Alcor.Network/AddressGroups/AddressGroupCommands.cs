using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.AddressGroups;

/// <summary>What the Networking API can ask of address groups.</summary>
public sealed class AddressGroupCommands : IResourceCommands
{
    private const string UpdateRule = "update_address_group";

    private static readonly ActionAnswer Whole = new(
        "address_group", [.. AddressGroupAttributes.All.Where(a => a.IsVisible)]);

    public IResourceType Type => AddressGroup.Type;

    public IReadOnlyList<MemberAction> Actions { get; } =
    [
        Action("add_addresses", "Adds blocks of addresses.", AddressChanges.Add),
        Action("remove_addresses", "Removes blocks of addresses.", AddressChanges.Remove),
    ];

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateAddressGroups(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change)
    {
        var body = change.Body;
        return new UpdateAddressGroup(((AddressGroup)current.Value).Id, change.IfRevision, group => group with
        {
            Name = body.Get(AddressGroupAttributes.Name, group.Name),
            Description = body.Get(AddressGroupAttributes.Description, group.Description),
        });
    }

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteAddressGroup(((AddressGroup)current.Value).Id, change.IfRevision);

    private static MemberAction Action(
        string name,
        string description,
        Func<AddressGroup, ImmutableArray<IPNetwork>, Result<AddressGroup>> apply) => new(
            name,
            description,
            (current, change) => new UpdateAddressGroup(
                ((AddressGroup)current.Value).Id,
                change.IfRevision,
                group => apply(group, (ImmutableArray<IPNetwork>)change.Body[AddressGroupAttributes.Changed]!)),
            Whole)
    {
        Attributes = [AddressGroupAttributes.Changed],
        Rule = UpdateRule,
    };
}
