! Logit role dynamics at the baseline with an observation lag, for AUTO-07p: u = (z, l, s, q), PAR(1) the lag, PAR(2) the
! reward y, PAR(3) the exponent of the pool depth.
      SUBROUTINE FUNC(NDIM,U,ICP,PAR,IJAC,F,DFDU,DFDP)
      IMPLICIT NONE
      INTEGER, INTENT(IN) :: NDIM, ICP(*), IJAC
      DOUBLE PRECISION, INTENT(IN) :: U(NDIM), PAR(*)
      DOUBLE PRECISION, INTENT(OUT) :: F(NDIM)
      DOUBLE PRECISION, INTENT(INOUT) :: DFDU(NDIM,NDIM), DFDP(NDIM,*)
      DOUBLE PRECISION b,d,kg,kb,ks,w,lam,rho,x,fg,fb,dem,g,ol,oe,den,pl,ps,uu,du,tau,y,eta,h,slope
      b=0.7D0; d=1.3D0; kg=0.5D0; kb=0.5D0; ks=1D0; w=0.02D0; lam=50D0; rho=2D0
      tau=PAR(1); y=PAR(2); eta=PAR(3)
      x=EXP(U(1)); fg=1/(1+EXP((x-d)/w)); fb=1/(1+EXP((x-b)/w))
      dem=kg*fg+kb*fb
      IF (ABS(U(4))<1D-3) THEN
        uu=U(4)/2+U(4)**2/6+U(4)**3/24+U(4)**4/120; du=0.5D0+U(4)/3+U(4)**2/8+U(4)**3/30
      ELSE
        g=(EXP(U(4))-1)/U(4); uu=g-1; du=(EXP(U(4))-g)/U(4)
      END IF
      ol=EXP(lam*(y-b-uu)); oe=EXP(-lam*uu); den=1+ol+oe; pl=ol/den; ps=1/den
      h=U(2)**(-eta)
      F(1)=(dem-ks*U(3))*h
      F(2)=rho*(pl-U(2))
      F(3)=rho*(ps-U(3))
      F(4)=(U(1)-U(4))/tau
      IF (IJAC==0) RETURN
      DFDU=0
      slope=-(kg*fg*(1-fg)+kb*fb*(1-fb))*x/w
      DFDU(1,1)=slope*h; DFDU(1,2)=-eta*(dem-ks*U(3))*h/U(2); DFDU(1,3)=-ks*h
      DFDU(2,2)=-rho; DFDU(3,3)=-rho
      DFDU(2,4)=-rho*lam*pl*ps*du; DFDU(3,4)=rho*lam*ps*(1-ps)*du
      DFDU(4,1)=1/tau; DFDU(4,4)=-1/tau
      IF (IJAC==1) RETURN
      DFDP(:,1:3)=0
      DFDP(4,1)=-(U(1)-U(4))/tau**2
      DFDP(2,2)=rho*lam*pl*(1-pl); DFDP(3,2)=-rho*lam*pl*ps
      DFDP(1,3)=-LOG(U(2))*F(1)
      END SUBROUTINE FUNC
      SUBROUTINE STPNT(NDIM,U,PAR,T)
      IMPLICIT NONE
      INTEGER, INTENT(IN) :: NDIM
      DOUBLE PRECISION, INTENT(INOUT) :: U(NDIM), PAR(*)
      DOUBLE PRECISION, INTENT(IN) :: T
      PAR(1)=0.1D0; PAR(2)=0.79D0; PAR(3)=0D0
      U(1)=0.17011189275100828D0; U(2)=0.4961100D0; U(3)=0.49837869058552636D0; U(4)=U(1)
      END SUBROUTINE STPNT
      SUBROUTINE BCND
      END SUBROUTINE BCND
      SUBROUTINE ICND
      END SUBROUTINE ICND
      SUBROUTINE FOPT
      END SUBROUTINE FOPT
      SUBROUTINE PVLS
      END SUBROUTINE PVLS
