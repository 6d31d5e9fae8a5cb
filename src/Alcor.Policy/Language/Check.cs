using Alcor.Kernel.Resources;

namespace Alcor.Policy.Language;

/// <summary>
/// A compiled expression. It is immutable, and references to other rules are already replaced by what these say.
/// </summary>
internal abstract class Check
{
    public static readonly Check Always = new Constant(true);
    public static readonly Check Never = new Constant(false);

    /// <summary>What it says of every target; null when that differs. The caller has to be folded in first.</summary>
    public virtual bool? Known => null;

    /// <summary>Whether anything in it looks at the target, for some caller.</summary>
    public abstract bool DependsOnTarget { get; }

    public abstract bool Holds(Caller caller, ITarget target);

    /// <summary>The same for this caller alone: what only looks at the caller becomes a constant.</summary>
    public abstract Check Fold(Caller caller);

    public static Check Of(bool value) => value ? Always : Never;

    /// <summary>Whether all hold. Constants among them are taken out.</summary>
    public static Check All(IEnumerable<Check> checks) => Join(checks, neutral: true);

    /// <summary>Whether one of them holds.</summary>
    public static Check Any(IEnumerable<Check> checks) => Join(checks, neutral: false);

    public static Check Not(Check check) => check.Known is { } value ? Of(!value) : new Negation(check);

    private static Check Join(IEnumerable<Check> checks, bool neutral)
    {
        var rest = new List<Check>();
        foreach (var check in checks)
        {
            if (check.Known is not { } value)
                rest.Add(check);
            else if (value != neutral)
                return check;
        }

        return rest switch
        {
            [] => Of(neutral),
            [var only] => only,
            _ => new Junction([.. rest], neutral),
        };
    }

    private sealed class Constant(bool value) : Check
    {
        public override bool? Known => value;

        public override bool DependsOnTarget => false;

        public override bool Holds(Caller caller, ITarget target) => value;

        public override Check Fold(Caller caller) => this;
    }

    private sealed class Negation(Check inner) : Check
    {
        public override bool DependsOnTarget => inner.DependsOnTarget;

        public override bool Holds(Caller caller, ITarget target) => !inner.Holds(caller, target);

        public override Check Fold(Caller caller) => Not(inner.Fold(caller));
    }

    /// <summary>"and", whose neutral element is true, or "or".</summary>
    private sealed class Junction(Check[] parts, bool neutral) : Check
    {
        public override bool DependsOnTarget => parts.Any(part => part.DependsOnTarget);

        public override bool Holds(Caller caller, ITarget target)
        {
            foreach (var part in parts)
            {
                if (part.Holds(caller, target) != neutral)
                    return !neutral;
            }

            return neutral;
        }

        public override Check Fold(Caller caller) => Join(parts.Select(part => part.Fold(caller)), neutral);
    }
}
