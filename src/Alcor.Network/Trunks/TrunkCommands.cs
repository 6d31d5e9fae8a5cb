using Alcor.Kernel.Resources;

namespace Alcor.Network.Trunks;

/// <summary>What the Networking API can ask of trunks.</summary>
public sealed class TrunkCommands : IResourceCommands
{
    public IResourceType Type => Trunk.Type;

    public IReadOnlyList<MemberAction> Actions { get; } =
    [
        new(
            "add_subports",
            "Adds subports.",
            (current, change) => new AddSubPorts(IdOf(current), change),
            new ActionAnswer(null, [.. TrunkAttributes.All]))
        {
            Attributes = [TrunkAttributes.Changed],
            RefuseValue = (_, reason) => Errors.InvalidInput(reason),
        },
        new(
            "remove_subports",
            "Takes subports away.",
            (current, change) => new RemoveSubPorts(IdOf(current), change),
            new ActionAnswer(null, [.. TrunkAttributes.All]))
        {
            Attributes = [TrunkAttributes.Changed],
            RefuseValue = (_, reason) => Errors.InvalidInput(reason),
        },
        new(
            "get_subports",
            "Shows the subports alone.",
            Command: null,
            new ActionAnswer(null, [TrunkAttributes.SubPorts])),
    ];

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateTrunks(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) => new UpdateTrunk(IdOf(current), change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteTrunk(IdOf(current), change.IfRevision);

    private static string IdOf(Stamped<object> current) => ((Trunk)current.Value).Id;
}
